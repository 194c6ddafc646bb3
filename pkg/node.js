import {
  listen,
  toNodeListener
} from "./chunk-NOCR3RGL.js";
export {
  listen,
  toNodeListener
};
