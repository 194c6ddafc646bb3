import {
  createWebhook
} from "./chunk-NWNB6CDM.js";
import "./chunk-JPWHZCZG.js";
import "./chunk-L5JZKJXW.js";
export {
  createWebhook
};
