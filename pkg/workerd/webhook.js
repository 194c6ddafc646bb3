import {
  createWebhook
} from "./chunk-XZY4O235.js";
import "./chunk-52DXVTAU.js";
import "./chunk-L5JZKJXW.js";
export {
  createWebhook
};
