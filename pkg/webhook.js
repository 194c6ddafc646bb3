import {
  createWebhook
} from "./chunk-VNWDBHHQ.js";
import "./chunk-JGJXSY7L.js";
export {
  createWebhook
};
