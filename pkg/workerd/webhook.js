import {
  createWebhook
} from "./chunk-54NUXQDB.js";
import "./chunk-EJQQTZIM.js";
import "./chunk-M4DLFMOX.js";
export {
  createWebhook
};
