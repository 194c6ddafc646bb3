import {
  AdminApiError,
  AdminOptionsError,
  createAdmin,
  isDuplicate
} from "./chunk-HQS7M5MO.js";
import "./chunk-OG46MM7V.js";
export {
  AdminApiError,
  AdminOptionsError,
  createAdmin,
  isDuplicate
};
