import {
  createWebhook
} from "./chunk-KGTU4O7S.js";
import "./chunk-FDK7XY5L.js";
import "./chunk-75M6YBTR.js";
export {
  createWebhook
};
