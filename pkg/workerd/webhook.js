import {
  createWebhook
} from "./chunk-HOFJYL3Q.js";
import "./chunk-IJGVG7EM.js";
export {
  createWebhook
};
