import {
  createWebhook
} from "./chunk-MTMQV5C3.js";
import "./chunk-6UNXBXSC.js";
import "./chunk-OG46MM7V.js";
export {
  createWebhook
};
