import {
  createWebhook
} from "./chunk-TV523LA2.js";
import "./chunk-4GBMXLN7.js";
import "./chunk-OG46MM7V.js";
export {
  createWebhook
};
