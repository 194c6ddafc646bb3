import {
  createWebhook
} from "./chunk-3M5XX6OA.js";
import "./chunk-KDRWMAWS.js";
import "./chunk-L5JZKJXW.js";
export {
  createWebhook
};
