import {
  createWebhook
} from "./chunk-P2CLPYAX.js";
import "./chunk-2UDY2KWZ.js";
export {
  createWebhook
};
