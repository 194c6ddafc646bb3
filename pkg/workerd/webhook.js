import {
  createWebhook
} from "./chunk-WM27CUWE.js";
import "./chunk-H3J6ATJD.js";
import "./chunk-L5JZKJXW.js";
export {
  createWebhook
};
