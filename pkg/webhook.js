import {
  createWebhook
} from "./chunk-FLYWF4R4.js";
import "./chunk-I332KHOB.js";
import "./chunk-OG46MM7V.js";
export {
  createWebhook
};
