import {
  createWebhook
} from "./chunk-ZCKVY3WZ.js";
import "./chunk-2UDY2KWZ.js";
export {
  createWebhook
};
