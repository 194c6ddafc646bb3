import {
  createWebhook
} from "./chunk-LARPXBD4.js";
import "./chunk-LU7XPEDK.js";
import "./chunk-OG46MM7V.js";
export {
  createWebhook
};
