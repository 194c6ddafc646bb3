import {
  createWebhook
} from "./chunk-FU2OA3FJ.js";
import "./chunk-IAMNOOHH.js";
import "./chunk-ZFT7G6F6.js";
export {
  createWebhook
};
