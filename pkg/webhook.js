import {
  createWebhook
} from "./chunk-ABGITW3D.js";
import "./chunk-QFVIRYCY.js";
export {
  createWebhook
};
