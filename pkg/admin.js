import {
  AdminApiError,
  AdminOptionsError,
  createAdmin,
  isDuplicate
} from "./chunk-R3KHBEQA.js";
import "./chunk-OG46MM7V.js";
export {
  AdminApiError,
  AdminOptionsError,
  createAdmin,
  isDuplicate
};
