import {
  createWebhook
} from "./chunk-EZYMUVBG.js";
import "./chunk-5T4HSPUK.js";
import "./chunk-OG46MM7V.js";
export {
  createWebhook
};
