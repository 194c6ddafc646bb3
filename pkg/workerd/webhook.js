import {
  createWebhook
} from "./chunk-IUEJRWN4.js";
import "./chunk-EVEVM5IV.js";
export {
  createWebhook
};
