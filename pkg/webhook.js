import {
  createWebhook
} from "./chunk-2GNIN5VU.js";
import "./chunk-MIZU6SIV.js";
import "./chunk-OG46MM7V.js";
export {
  createWebhook
};
