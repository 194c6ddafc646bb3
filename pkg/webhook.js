import {
  createWebhook
} from "./chunk-G7UAUU4X.js";
import "./chunk-SFSRE3JM.js";
export {
  createWebhook
};
