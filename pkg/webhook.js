import {
  createWebhook
} from "./chunk-6C6GRS6O.js";
import "./chunk-T3S7OYID.js";
import "./chunk-OG46MM7V.js";
export {
  createWebhook
};
