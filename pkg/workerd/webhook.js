import {
  createWebhook
} from "./chunk-CYEUXSNJ.js";
import "./chunk-QFSNMHNB.js";
import "./chunk-L5JZKJXW.js";
export {
  createWebhook
};
