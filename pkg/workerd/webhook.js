import {
  createWebhook
} from "./chunk-ZN2JX36L.js";
import "./chunk-V7K3EJEN.js";
export {
  createWebhook
};
