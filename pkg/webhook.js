import {
  createWebhook
} from "./chunk-D4YMIG7E.js";
import "./chunk-Y7QYH7FQ.js";
export {
  createWebhook
};
