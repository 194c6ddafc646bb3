import {
  AdminApiError,
  AdminOptionsError,
  createAdmin,
  isDuplicate
} from "./chunk-4D5Y5FZV.js";
import "./chunk-OG46MM7V.js";
export {
  AdminApiError,
  AdminOptionsError,
  createAdmin,
  isDuplicate
};
