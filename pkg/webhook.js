import {
  createWebhook
} from "./chunk-3IS6XMRA.js";
import "./chunk-BHWBT5ZH.js";
import "./chunk-IWARGDW3.js";
export {
  createWebhook
};
