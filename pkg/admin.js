import {
  AdminApiError,
  AdminOptionsError,
  createAdmin,
  isDuplicate
} from "./chunk-UT6CKRGK.js";
import "./chunk-75M6YBTR.js";
export {
  AdminApiError,
  AdminOptionsError,
  createAdmin,
  isDuplicate
};
