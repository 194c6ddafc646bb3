import {
  createWebhook
} from "./chunk-EGUROIPB.js";
import "./chunk-NJQXFK6O.js";
import "./chunk-L5JZKJXW.js";
export {
  createWebhook
};
