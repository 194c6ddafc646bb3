import {
  createWebhook
} from "./chunk-CZQZTEQT.js";
import "./chunk-6OAAF27V.js";
import "./chunk-L5JZKJXW.js";
export {
  createWebhook
};
