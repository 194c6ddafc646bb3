import {
  AdminApiError,
  AdminOptionsError,
  createAdmin,
  isDuplicate
} from "./chunk-6WVX5BX5.js";
import "./chunk-IWARGDW3.js";
export {
  AdminApiError,
  AdminOptionsError,
  createAdmin,
  isDuplicate
};
