import {
  createWebhook
} from "./chunk-UF5JRSN6.js";
import "./chunk-4SDNOZQ4.js";
import "./chunk-QLKZOD6J.js";
export {
  createWebhook
};
