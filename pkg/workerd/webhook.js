import {
  createWebhook
} from "./chunk-TID4FLIQ.js";
import "./chunk-IHFTS33F.js";
import "./chunk-VUOIEUCW.js";
export {
  createWebhook
};
