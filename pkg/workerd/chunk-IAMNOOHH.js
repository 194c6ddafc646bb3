import {
  budgetMs,
  bytes,
  hex,
  hmac,
  lost,
  readText,
  retryAfter,
  sha256
} from "./chunk-ZFT7G6F6.js";

// build/wasm/npm/authgear_invite.js
var Engine = class {
  __destroy_into_raw() {
    const ptr = this.__wbg_ptr;
    this.__wbg_ptr = 0;
    EngineFinalization.unregister(this);
    return ptr;
  }
  free() {
    const ptr = this.__destroy_into_raw();
    wasm.__wbg_engine_free(ptr, 0);
  }
  /**
   * An event made by hand, and the password of its user, to the lines of a `Decision`.
   * @param {any} event
   * @param {string} password
   * @returns {string}
   */
  decidePassword(event, password) {
    let deferred1_0;
    let deferred1_1;
    try {
      const ret = wasm.engine_decidePassword(this.__wbg_ptr, addHeapObject(event), addHeapObject(password));
      deferred1_0 = ret[0];
      deferred1_1 = ret[1];
      return getStringFromWasm0(ret[0], ret[1]);
    } finally {
      wasm.__wbindgen_free(deferred1_0, deferred1_1, 1);
    }
  }
  /**
   * An event to the lines of a `Decision`. What JSON does not know is no event.
   * @param {any} event
   * @returns {string}
   */
  decide(event) {
    let deferred1_0;
    let deferred1_1;
    try {
      const ret = wasm.engine_decide(this.__wbg_ptr, addHeapObject(event));
      deferred1_0 = ret[0];
      deferred1_1 = ret[1];
      return getStringFromWasm0(ret[0], ret[1]);
    } finally {
      wasm.__wbindgen_free(deferred1_0, deferred1_1, 1);
    }
  }
  /**
   * From a configuration, whose functions must have been taken out, and the built-in texts.
   *
   * # Errors
   * A `TypeError` for a value that JSON does not know, or one that nests too deep.
   * @param {any} config
   * @param {any} builtin
   */
  constructor(config, builtin) {
    const ret = wasm.engine_new(addHeapObject(config), addHeapObject(builtin));
    if (ret[2]) {
      throw takeObject(ret[1]);
    }
    this.__wbg_ptr = ret[0];
    EngineFinalization.register(this, this.__wbg_ptr, this);
    return this;
  }
  /**
   * An event to a `Preview`, as JSON text; a locale stands in for the user's own.
   * @param {any} event
   * @param {string | null} [locale]
   * @returns {string}
   */
  preview(event, locale) {
    let deferred2_0;
    let deferred2_1;
    try {
      var ptr0 = isLikeNone(locale) ? 0 : passStringToWasm0(locale, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);
      var len0 = WASM_VECTOR_LEN;
      const ret = wasm.engine_preview(this.__wbg_ptr, addHeapObject(event), ptr0, len0);
      deferred2_0 = ret[0];
      deferred2_1 = ret[1];
      return getStringFromWasm0(ret[0], ret[1]);
    } finally {
      wasm.__wbindgen_free(deferred2_0, deferred2_1, 1);
    }
  }
  /**
   * All that is wrong in the configuration.
   * @returns {string[]}
   */
  problems() {
    const ret = wasm.engine_problems(this.__wbg_ptr);
    var v1 = getArrayJsValueFromWasm0(ret[0], ret[1]);
    wasm.__wbindgen_free(ret[0], ret[1] * 4, 4);
    return v1;
  }
  /**
   * A webhook's body and its signature to the lines of a `Received`.
   * @param {Uint8Array | number[]} body
   * @param {string} signature
   * @returns {string}
   */
  receive(body, signature) {
    let deferred3_0;
    let deferred3_1;
    try {
      let ptr0, len0, ptr1, len1;
      try {
        ptr0 = passArray8ToWasm0(body, wasm.__wbindgen_malloc);
        len0 = WASM_VECTOR_LEN;
        ptr1 = passStringToWasm0(signature, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);
        len1 = WASM_VECTOR_LEN;
      } catch (e) {
        if (ptr1) {
          wasm.__wbindgen_free(ptr1, len1 * 1, 1);
        }
        if (ptr0) {
          wasm.__wbindgen_free(ptr0, len0 * 1, 1);
        }
        throw e;
      }
      const ret = wasm.engine_receive(this.__wbg_ptr, ptr0, len0, ptr1, len1);
      deferred3_0 = ret[0];
      deferred3_1 = ret[1];
      return getStringFromWasm0(ret[0], ret[1]);
    } finally {
      wasm.__wbindgen_free(deferred3_0, deferred3_1, 1);
    }
  }
  /**
   * Why an event leads to that: a `Trace`, as JSON text.
   * @param {any} event
   * @param {string | null} [locale]
   * @returns {string}
   */
  trace(event, locale) {
    let deferred2_0;
    let deferred2_1;
    try {
      var ptr0 = isLikeNone(locale) ? 0 : passStringToWasm0(locale, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);
      var len0 = WASM_VECTOR_LEN;
      const ret = wasm.engine_trace(this.__wbg_ptr, addHeapObject(event), ptr0, len0);
      deferred2_0 = ret[0];
      deferred2_1 = ret[1];
      return getStringFromWasm0(ret[0], ret[1]);
    } finally {
      wasm.__wbindgen_free(deferred2_0, deferred2_1, 1);
    }
  }
};
if (Symbol.dispose) Engine.prototype[Symbol.dispose] = Engine.prototype.free;
var Passwords = class {
  __destroy_into_raw() {
    const ptr = this.__wbg_ptr;
    this.__wbg_ptr = 0;
    PasswordsFinalization.unregister(this);
    return ptr;
  }
  free() {
    const ptr = this.__destroy_into_raw();
    wasm.__wbg_passwords_free(ptr, 0);
  }
  /**
   * The binary logarithm of the number of passwords that each is drawn from.
   * @returns {number}
   */
  get entropyBits() {
    const ret = wasm.passwords_entropyBits(this.__wbg_ptr);
    return ret;
  }
  /**
   * A password.
   *
   * # Errors
   * The system's generator failed.
   * @returns {any}
   */
  generate() {
    const ret = wasm.passwords_generate(this.__wbg_ptr);
    if (ret[2]) {
      throw takeObject(ret[1]);
    }
    return takeObject(ret[0]);
  }
  /**
   * From a policy and options.
   *
   * # Errors
   * A line for each thing that is wrong or cannot be.
   * @param {any} policy
   * @param {any} options
   */
  constructor(policy, options) {
    const ret = wasm.passwords_new(addHeapObject(policy), addHeapObject(options));
    if (ret[2]) {
      throw takeObject(ret[1]);
    }
    this.__wbg_ptr = ret[0];
    PasswordsFinalization.register(this, this.__wbg_ptr, this);
    return this;
  }
};
if (Symbol.dispose) Passwords.prototype[Symbol.dispose] = Passwords.prototype.free;
function classify(reply) {
  const ret = wasm.classify(addHeapObject(reply));
  if (ret[2]) {
    throw takeObject(ret[1]);
  }
  return takeObject(ret[0]);
}
function render(input) {
  let deferred2_0;
  let deferred2_1;
  try {
    const ret = wasm.render(addHeapObject(input));
    var ptr1 = ret[0];
    var len1 = ret[1];
    if (ret[3]) {
      ptr1 = 0;
      len1 = 0;
      throw takeObject(ret[2]);
    }
    deferred2_0 = ptr1;
    deferred2_1 = len1;
    return getStringFromWasm0(ptr1, len1);
  } finally {
    wasm.__wbindgen_free(deferred2_0, deferred2_1, 1);
  }
}
function violations(password, policy) {
  const ret = wasm.violations(addHeapObject(password), addHeapObject(policy));
  if (ret[3]) {
    throw takeObject(ret[2]);
  }
  var v1 = getArrayJsValueFromWasm0(ret[0], ret[1]);
  wasm.__wbindgen_free(ret[0], ret[1] * 4, 4);
  return v1;
}
function __wbg_get_imports() {
  const import0 = {
    __proto__: null,
    __wbg_Error_208446807d0d1e30: function(arg0, arg1) {
      const ret = Error(getStringFromWasm0(arg0, arg1));
      return addHeapObject(ret);
    },
    __wbg_String_8564e559799eccda: function(arg0, arg1) {
      const ret = String(getObject(arg1));
      const ptr1 = passStringToWasm0(ret, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);
      const len1 = WASM_VECTOR_LEN;
      getDataViewMemory0().setInt32((arg0 >>> 0) + 4 * 1, len1, true);
      getDataViewMemory0().setInt32((arg0 >>> 0) + 4 * 0, ptr1, true);
    },
    __wbg___wbindgen_bigint_get_as_i64_11da4b52cd0aedef: function(arg0, arg1) {
      const v = getObject(arg1);
      const ret = typeof v === "bigint" ? v : void 0;
      getDataViewMemory0().setBigInt64((arg0 >>> 0) + 8 * 1, isLikeNone(ret) ? BigInt(0) : ret, true);
      getDataViewMemory0().setInt32((arg0 >>> 0) + 4 * 0, !isLikeNone(ret), true);
    },
    __wbg___wbindgen_boolean_get_4f1baf9a00be3c74: function(arg0) {
      const v = getObject(arg0);
      const ret = typeof v === "boolean" ? v : void 0;
      return isLikeNone(ret) ? 16777215 : ret ? 1 : 0;
    },
    __wbg___wbindgen_debug_string_f249a2a76caa9a55: function(arg0, arg1) {
      const ret = debugString(getObject(arg1));
      const ptr1 = passStringToWasm0(ret, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);
      const len1 = WASM_VECTOR_LEN;
      getDataViewMemory0().setInt32((arg0 >>> 0) + 4 * 1, len1, true);
      getDataViewMemory0().setInt32((arg0 >>> 0) + 4 * 0, ptr1, true);
    },
    __wbg___wbindgen_in_3f58a9d3b3a7eed2: function(arg0, arg1) {
      const ret = getObject(arg0) in getObject(arg1);
      return ret;
    },
    __wbg___wbindgen_is_bigint_5fa10641e039d3ef: function(arg0) {
      const ret = typeof getObject(arg0) === "bigint";
      return ret;
    },
    __wbg___wbindgen_is_function_741ff2bb612836f5: function(arg0) {
      const ret = typeof getObject(arg0) === "function";
      return ret;
    },
    __wbg___wbindgen_is_object_8b968c3ab8e96595: function(arg0) {
      const val = getObject(arg0);
      const ret = typeof val === "object" && val !== null;
      return ret;
    },
    __wbg___wbindgen_jsval_eq_38d7bfbe4cc84039: function(arg0, arg1) {
      const ret = getObject(arg0) === getObject(arg1);
      return ret;
    },
    __wbg___wbindgen_jsval_loose_eq_b2f214e2e4b30e36: function(arg0, arg1) {
      const ret = getObject(arg0) == getObject(arg1);
      return ret;
    },
    __wbg___wbindgen_number_get_934b640d0889af78: function(arg0, arg1) {
      const obj = getObject(arg1);
      const ret = typeof obj === "number" ? obj : void 0;
      getDataViewMemory0().setFloat64((arg0 >>> 0) + 8 * 1, isLikeNone(ret) ? 0 : ret, true);
      getDataViewMemory0().setInt32((arg0 >>> 0) + 4 * 0, !isLikeNone(ret), true);
    },
    __wbg___wbindgen_string_get_7ce8eee7fd327545: function(arg0, arg1) {
      const obj = getObject(arg1);
      const ret = typeof obj === "string" ? obj : void 0;
      var ptr1 = isLikeNone(ret) ? 0 : passStringToWasm0(ret, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);
      var len1 = WASM_VECTOR_LEN;
      getDataViewMemory0().setInt32((arg0 >>> 0) + 4 * 1, len1, true);
      getDataViewMemory0().setInt32((arg0 >>> 0) + 4 * 0, ptr1, true);
    },
    __wbg___wbindgen_throw_4c88d8bf264fd984: function(arg0, arg1) {
      throw new Error(getStringFromWasm0(arg0, arg1));
    },
    __wbg_call_40b008ba32f73991: function() {
      return handleError(function(arg0, arg1) {
        const ret = getObject(arg0).call(getObject(arg1));
        return addHeapObject(ret);
      }, arguments);
    },
    __wbg_done_57e08d0be6e30c02: function(arg0) {
      const ret = getObject(arg0).done;
      return ret;
    },
    __wbg_entries_7bb1459bd9b5c2b9: function(arg0) {
      const ret = Object.entries(getObject(arg0));
      return addHeapObject(ret);
    },
    __wbg_getRandomValues_8b6f1f663e6f188d: function() {
      return handleError(function(arg0, arg1) {
        globalThis.crypto.getRandomValues(getArrayU8FromWasm0(arg0, arg1));
      }, arguments);
    },
    __wbg_get_635eea311fa1a291: function() {
      return handleError(function(arg0, arg1) {
        const ret = Reflect.get(getObject(arg0), getObject(arg1));
        return addHeapObject(ret);
      }, arguments);
    },
    __wbg_get_d7176cfb76d71114: function(arg0, arg1) {
      const ret = getObject(arg0)[arg1 >>> 0];
      return addHeapObject(ret);
    },
    __wbg_get_unchecked_e6325ad374eff861: function(arg0, arg1) {
      const ret = getObject(arg0)[arg1 >>> 0];
      return addHeapObject(ret);
    },
    __wbg_instanceof_ArrayBuffer_12cdaa4161423e6b: function(arg0) {
      let result;
      try {
        result = getObject(arg0) instanceof ArrayBuffer;
      } catch (_) {
        result = false;
      }
      const ret = result;
      return ret;
    },
    __wbg_instanceof_Map_0b4fc8b62e73f163: function(arg0) {
      let result;
      try {
        result = getObject(arg0) instanceof Map;
      } catch (_) {
        result = false;
      }
      const ret = result;
      return ret;
    },
    __wbg_instanceof_Uint8Array_d7aeb0dcb3108fea: function(arg0) {
      let result;
      try {
        result = getObject(arg0) instanceof Uint8Array;
      } catch (_) {
        result = false;
      }
      const ret = result;
      return ret;
    },
    __wbg_isArray_bcf1376d0d732d08: function(arg0) {
      const ret = Array.isArray(getObject(arg0));
      return ret;
    },
    __wbg_isSafeInteger_1a35ba4d31e71d38: function(arg0) {
      const ret = Number.isSafeInteger(getObject(arg0));
      return ret;
    },
    __wbg_iterator_e4c5e8f68ada7b58: function() {
      const ret = Symbol.iterator;
      return addHeapObject(ret);
    },
    __wbg_length_186163212ffe79c3: function(arg0) {
      const ret = getObject(arg0).length;
      return ret;
    },
    __wbg_length_b03a0fabb109b1e9: function(arg0) {
      const ret = getObject(arg0).length;
      return ret;
    },
    __wbg_new_13de428334042d26: function(arg0) {
      const ret = new Uint8Array(getObject(arg0));
      return addHeapObject(ret);
    },
    __wbg_next_178c1651c11432b3: function(arg0) {
      const ret = getObject(arg0).next;
      return addHeapObject(ret);
    },
    __wbg_next_af5ac6a08bb0a717: function() {
      return handleError(function(arg0) {
        const ret = getObject(arg0).next();
        return addHeapObject(ret);
      }, arguments);
    },
    __wbg_parse_c3f72b5a24f83c01: function() {
      return handleError(function(arg0, arg1) {
        const ret = JSON.parse(getStringFromWasm0(arg0, arg1));
        return addHeapObject(ret);
      }, arguments);
    },
    __wbg_prototypesetcall_13162965d1fe7aa3: function(arg0, arg1, arg2) {
      Uint8Array.prototype.set.call(getArrayU8FromWasm0(arg0, arg1), getObject(arg2));
    },
    __wbg_value_e0f328965e184931: function(arg0) {
      const ret = getObject(arg0).value;
      return addHeapObject(ret);
    },
    __wbindgen_generic_0000000000000001: function(arg0) {
      const ret = arg0;
      return addHeapObject(ret);
    },
    __wbindgen_generic_0000000000000002: function(arg0, arg1) {
      const ret = getStringFromWasm0(arg0, arg1);
      return addHeapObject(ret);
    },
    __wbindgen_generic_0000000000000003: function(arg0) {
      const ret = BigInt.asUintN(64, arg0);
      return addHeapObject(ret);
    },
    __wbindgen_object_drop_ref: function(arg0) {
      takeObject(arg0);
    }
  };
  return {
    __proto__: null,
    "./authgear_invite_bg.js": import0
  };
}
var EngineFinalization = typeof FinalizationRegistry === "undefined" ? { register: () => {
}, unregister: () => {
} } : new FinalizationRegistry((ptr) => wasm.__wbg_engine_free(ptr, 1));
var PasswordsFinalization = typeof FinalizationRegistry === "undefined" ? { register: () => {
}, unregister: () => {
} } : new FinalizationRegistry((ptr) => wasm.__wbg_passwords_free(ptr, 1));
function addHeapObject(obj) {
  if (heap_next === heap.length) heap.push(heap.length + 1);
  const idx = heap_next;
  heap_next = heap[idx];
  heap[idx] = obj;
  return idx;
}
function debugString(val) {
  switch (typeof val) {
    // primitive types
    case "number":
    case "boolean":
    case "undefined":
      return `${val}`;
    case "string":
      return JSON.stringify(val);
    case "bigint":
      return `${val}n`;
    case "symbol":
      return val.description !== void 0 ? `Symbol(${val.description})` : "Symbol";
    case "function":
      return typeof val.name === "string" && val.name !== "" ? `Function(${val.name})` : "Function";
    case "object": {
      if (val === null) {
        return "null";
      }
      if (Array.isArray(val)) {
        return "[" + Array.from(val, debugString).join(", ") + "]";
      }
      if (val instanceof Error) {
        return `${val.name}: ${val.message}
${val.stack}`;
      }
      const toStringOutput = toString.call(val);
      const className = /\[object ([^\]]+)\]/.exec(toStringOutput)?.[1];
      if (className === void 0) {
        return toStringOutput;
      }
      if (className === "Object") {
        try {
          return "Object(" + JSON.stringify(val) + ")";
        } catch (_) {
          return "Object";
        }
      }
      return className;
    }
  }
}
function dropObject(idx) {
  if (idx < 1028) return;
  heap[idx] = heap_next;
  heap_next = idx;
}
function getArrayJsValueFromWasm0(ptr, len) {
  ptr = ptr >>> 0;
  const mem = getDataViewMemory0();
  const result = [];
  for (let i = ptr; i < ptr + 4 * len; i += 4) {
    result.push(takeObject(mem.getUint32(i, true)));
  }
  return result;
}
function getArrayU8FromWasm0(ptr, len) {
  ptr = ptr >>> 0;
  return getUint8ArrayMemory0().subarray(ptr / 1, ptr / 1 + len);
}
var cachedDataViewMemory0 = null;
function getDataViewMemory0() {
  if (cachedDataViewMemory0 === null || cachedDataViewMemory0.buffer.detached === true || cachedDataViewMemory0.buffer.detached === void 0 && cachedDataViewMemory0.buffer !== wasm.memory.buffer) {
    cachedDataViewMemory0 = new DataView(wasm.memory.buffer);
  }
  return cachedDataViewMemory0;
}
function getStringFromWasm0(ptr, len) {
  ptr = ptr >>> 0;
  return decodeText(getUint8ArrayMemory0().subarray(ptr, ptr + len));
}
var cachedUint8ArrayMemory0 = null;
function getUint8ArrayMemory0() {
  if (cachedUint8ArrayMemory0 === null || cachedUint8ArrayMemory0.byteLength === 0) {
    cachedUint8ArrayMemory0 = new Uint8Array(wasm.memory.buffer);
  }
  return cachedUint8ArrayMemory0;
}
function getObject(idx) {
  return heap[idx];
}
function handleError(f, args) {
  try {
    return f.apply(this, args);
  } catch (e) {
    wasm.__wbindgen_exn_store(addHeapObject(e));
  }
}
var heap = new Array(1024).fill(void 0);
heap.push(void 0, null, true, false);
var heap_next = heap.length;
function isLikeNone(x) {
  return x === void 0 || x === null;
}
function passArray8ToWasm0(arg, malloc) {
  const ptr = malloc(arg.length * 1, 1) >>> 0;
  getUint8ArrayMemory0().set(arg, ptr / 1);
  WASM_VECTOR_LEN = arg.length;
  return ptr;
}
function passStringToWasm0(arg, malloc, realloc) {
  if (realloc === void 0) {
    const buf = cachedTextEncoder.encode(arg);
    const ptr2 = malloc(buf.length, 1) >>> 0;
    getUint8ArrayMemory0().subarray(ptr2, ptr2 + buf.length).set(buf);
    WASM_VECTOR_LEN = buf.length;
    return ptr2;
  }
  let len = arg.length;
  let ptr = malloc(len, 1) >>> 0;
  const mem = getUint8ArrayMemory0();
  let offset = 0;
  for (; offset < len; offset++) {
    const code = arg.charCodeAt(offset);
    if (code > 127) break;
    mem[ptr + offset] = code;
  }
  if (offset !== len) {
    if (offset !== 0) {
      arg = arg.slice(offset);
    }
    ptr = realloc(ptr, len, len = offset + arg.length * 3, 1) >>> 0;
    const view = getUint8ArrayMemory0().subarray(ptr + offset, ptr + len);
    const ret = cachedTextEncoder.encodeInto(arg, view);
    offset += ret.written;
    ptr = realloc(ptr, len, offset, 1) >>> 0;
  }
  WASM_VECTOR_LEN = offset;
  return ptr;
}
function takeObject(idx) {
  const ret = getObject(idx);
  dropObject(idx);
  return ret;
}
var cachedTextDecoder = new TextDecoder("utf-8", { ignoreBOM: true });
cachedTextDecoder.decode();
var MAX_SAFARI_DECODE_BYTES = 2146435072;
var numBytesDecoded = 0;
function decodeText(bytes2) {
  numBytesDecoded += bytes2.length;
  if (numBytesDecoded >= MAX_SAFARI_DECODE_BYTES) {
    cachedTextDecoder = new TextDecoder("utf-8", { ignoreBOM: true });
    cachedTextDecoder.decode();
    numBytesDecoded = bytes2.length;
  }
  return cachedTextDecoder.decode(bytes2);
}
var cachedTextEncoder = new TextEncoder();
if (!("encodeInto" in cachedTextEncoder)) {
  cachedTextEncoder.encodeInto = function(arg, view) {
    const buf = cachedTextEncoder.encode(arg);
    view.set(buf);
    return {
      read: arg.length,
      written: buf.length
    };
  };
}
var WASM_VECTOR_LEN = 0;
var wasmModule;
var wasmInstance;
var wasm;
function __wbg_finalize_init(instance, module) {
  wasmInstance = instance;
  wasm = instance.exports;
  wasmModule = module;
  cachedDataViewMemory0 = null;
  cachedUint8ArrayMemory0 = null;
  return wasm;
}
function initSync(module) {
  if (wasm !== void 0) return wasm;
  if (module !== void 0) {
    if (Object.getPrototypeOf(module) === Object.prototype) {
      ({ module } = module);
    } else {
      console.warn("using deprecated parameters for `initSync()`; pass a single object instead");
    }
  }
  const imports = __wbg_get_imports();
  if (!(module instanceof WebAssembly.Module)) {
    module = new WebAssembly.Module(module);
  }
  const instance = new WebAssembly.Instance(module, imports);
  return __wbg_finalize_init(instance, module);
}

// ts/core.ts
function readDecision([head = "", ...bodies]) {
  const decision = JSON.parse(head);
  const attempts = decision.type === "send" ? decision.attempts : [];
  attempts.forEach(({ request }, i) => {
    if (request) request.body = bodies[i] ?? "";
  });
  return decision;
}

// ts/module.workerd.ts
import core from "../core.wasm";
var wasmModule2 = () => core;

// ts/engine.ts
var ConfigError = class extends Error {
  name = "ConfigError";
  /** `path: what is wrong; what would be right`. */
  problems;
  constructor(problems) {
    super(`the configuration is wrong:
${problems.join("\n")}`);
    this.problems = problems;
  }
};
var started = false;
function start() {
  if (!started) initSync({ module: wasmModule2() });
  started = true;
}
function createEngine(config, builtIn) {
  start();
  let engine;
  try {
    engine = new Engine(toJson(config), builtIn);
  } catch {
    return UNREADABLE;
  }
  return {
    problems: engine.problems(),
    decide: (event) => readDecision(engine.decide(event).split("\n")),
    decidePassword: (event, password) => readDecision(engine.decidePassword(event, password).split("\n")),
    preview: (event, locale) => JSON.parse(engine.preview(event, locale)),
    trace: (event, locale) => JSON.parse(engine.trace(event, locale)),
    classify,
    receive(body, signature) {
      const [head = "", ...decision] = engine.receive(body, signature).split("\n");
      const received = JSON.parse(head);
      return "refused" in received ? received : { ...received, decision: readDecision(decision) };
    },
    free: () => engine.free()
  };
}
var UNREADABLE_PROBLEM = "config: must be plain data; it holds a cycle or a BigInt, nests deeper than 64 levels, or a getter in it throws";
var UNREADABLE = {
  problems: [UNREADABLE_PROBLEM],
  decide: () => ({ type: "invalid", problems: [UNREADABLE_PROBLEM] }),
  decidePassword: () => ({ type: "invalid", problems: [UNREADABLE_PROBLEM] }),
  preview: () => ({ type: "invalid", problems: [UNREADABLE_PROBLEM] }),
  trace: () => ({ rules: [], locales: [], channels: [], values: {} }),
  classify,
  receive: () => ({ refused: "signature" }),
  free: () => {
  }
};
function createSoundEngine(config, builtIn) {
  const engine = createEngine(config, builtIn);
  if (engine.problems.length > 0) throw new ConfigError(engine.problems);
  return engine;
}
function renderInput(input) {
  start();
  try {
    return JSON.parse(render(toJson(input)));
  } catch {
    return { problems: [UNREADABLE_PROBLEM.replace("config", "values")] };
  }
}
var toJson = (value) => JSON.parse(JSON.stringify(value) ?? "null");

// src/locales/ar.json
var ar_default = {
  invite: {
    subject: "حسابك الجديد على {service_name}",
    text: "مرحبًا{#name} {name}{/name}،\n\nأُنشئ لك على {service_name} حساب جديد. {#valid_from}يمكنك استخدامه ابتداءً من ‎{valid_from}، وعندها {/valid_from}يُرجى زيارة الصفحة أدناه {#set_password}واستخدام «نسيت كلمة المرور؟» (Forgot Password) لتعيين كلمة مرور{/set_password}{#reset_password}واستخدام «نسيت كلمة المرور؟» (Forgot Password) لتعيين كلمة مرور جديدة{/reset_password}{#sign_in_code}وتسجيل الدخول بالرمز الذي سيصلك{/sign_in_code}{#sign_in_external}وتسجيل الدخول بالحساب المرتبط (Google أو Apple أو غيرهما){/sign_in_external}{#ask_password}وتسجيل الدخول. أما كلمة المرور فيُرجى طلبها ممن أنشأ الحساب{/ask_password}.\n\n{url}\n\n{#login_id}اسم الدخول: ‎{login_id}{/login_id}\n{#inviter}الدعوة من: {inviter}{/inviter}\n\nوصلتك هذه الرسالة لأن مسؤولًا أنشأ الحساب لك. إن كانت غير متوقعة فيمكنك تجاهلها.",
    sms: "لديك على {service_name} حساب جديد{#login_id} (اسم الدخول: ‎{login_id}){/login_id}. {#valid_from}ابتداءً من ‎{valid_from}، {/valid_from}{#set_password}يرجى استخدام «نسيت كلمة المرور؟» لتعيين كلمة مرور{/set_password}{#reset_password}يرجى استخدام «نسيت كلمة المرور؟» لتعيين كلمة مرور جديدة{/reset_password}{#sign_in_code}يرجى تسجيل الدخول بالرمز الذي سيصلك{/sign_in_code}{#sign_in_external}يرجى تسجيل الدخول بالحساب المرتبط (مثل Google){/sign_in_external}{#ask_password}يرجى طلب كلمة المرور من المسؤول وتسجيل الدخول{/ask_password}: {url}",
    button: "فتح {service_name}"
  },
  password: {
    subject: "حسابك الجديد على {service_name}",
    text: "مرحبًا{#name} {name}{/name}،\n\nأُنشئ لك على {service_name} حساب جديد. {#valid_from}يمكنك استخدامه ابتداءً من ‎{valid_from}، وعندها {/valid_from}يُرجى زيارة الصفحة أدناه وتسجيل الدخول باسم الدخول وكلمة المرور الواردين في نهاية هذه الرسالة.\n\n{url}\n\nيُرجى تغيير كلمة المرور فور تسجيل الدخول ثم حذف هذه الرسالة، فكل من يقرؤها يمكنه استخدام كلمة المرور.\n\n{#login_id}اسم الدخول: ‎{login_id}{/login_id}\n{#inviter}الدعوة من: {inviter}{/inviter}\n\nكلمة المرور:\n\n{password}\n\nوصلتك هذه الرسالة لأن مسؤولًا أنشأ الحساب لك. إن كانت غير متوقعة فيمكنك تجاهلها.",
    button: "فتح {service_name}"
  },
  unreachable: {
    subject: "يُرجى الإبلاغ: حساب جديد على {service_name}",
    text: "مرحبًا،\n\nلا يوجد لمستخدم جديد على {service_name}{#login_id} (‎{login_id}){/login_id} بريد إلكتروني ولا رقم هاتف يمكننا الإرسال إليه. يُرجى إبلاغه شخصيًا بهذا النص:\n\n-----\n\n{message}\n\n-----"
  }
};

// src/locales/de.json
var de_default = {
  invite: {
    subject: "Ihr neues Konto bei {service_name}",
    text: "Guten Tag{#name} {name}{/name},\n\nfür Sie wurde ein neues Konto bei {service_name} angelegt. {#valid_from}Sie können es ab {valid_from} nutzen. {/valid_from}Bitte besuchen Sie {#valid_from}dann {/valid_from}die folgende Seite und {#set_password}legen Sie über „Passwort vergessen?“ ein Passwort fest{/set_password}{#reset_password}legen Sie über „Passwort vergessen?“ ein neues Passwort fest{/reset_password}{#sign_in_code}melden Sie sich mit dem Code an, den Sie dabei erhalten{/sign_in_code}{#sign_in_external}melden Sie sich mit dem verknüpften Konto (z. B. Google) an{/sign_in_external}{#ask_password}melden Sie sich an. Das Passwort erfragen Sie bitte bei der Person, die das Konto angelegt hat{/ask_password}.\n\n{url}\n\n{#login_id}Ihr Anmeldename: {login_id}{/login_id}\n{#inviter}Eingeladen von: {inviter}{/inviter}\n\nSie erhalten diese Nachricht, weil die Administration das Konto angelegt hat. Kommt das unerwartet, ignorieren Sie die Nachricht bitte.",
    sms: "{service_name}: Sie haben ein neues Konto{#login_id} (Login: {login_id}){/login_id}. {#valid_from}Ab {valid_from}: {/valid_from}{#set_password}Bitte mit 'Passwort vergessen?' ein Passwort festlegen{/set_password}{#reset_password}Bitte mit 'Passwort vergessen?' ein neues Passwort festlegen{/reset_password}{#sign_in_code}Bitte mit dem Code anmelden, den Sie dabei erhalten{/sign_in_code}{#sign_in_external}Bitte mit dem verknüpften Konto (z. B. Google) anmelden{/sign_in_external}{#ask_password}Bitte Passwort bei der Administration erfragen und anmelden{/ask_password}: {url}",
    button: "{service_name} öffnen"
  },
  password: {
    subject: "Ihr neues Konto bei {service_name}",
    text: "Guten Tag{#name} {name}{/name},\n\nfür Sie wurde ein neues Konto bei {service_name} angelegt. {#valid_from}Sie können es ab {valid_from} nutzen. {/valid_from}Bitte besuchen Sie {#valid_from}dann {/valid_from}die folgende Seite und melden Sie sich mit dem Anmeldenamen und dem Passwort am Ende dieser Nachricht an.\n\n{url}\n\nÄndern Sie das Passwort, sobald Sie angemeldet sind, und löschen Sie dann diese Nachricht: Wer sie liest, könnte das Passwort benutzen.\n\n{#login_id}Ihr Anmeldename: {login_id}{/login_id}\n{#inviter}Eingeladen von: {inviter}{/inviter}\n\nIhr Passwort:\n\n{password}\n\nSie erhalten diese Nachricht, weil die Administration das Konto angelegt hat. Kommt das unerwartet, ignorieren Sie die Nachricht bitte.",
    button: "{service_name} öffnen"
  },
  unreachable: {
    subject: "Bitte weitergeben: neues Konto bei {service_name}",
    text: "Guten Tag,\n\nfür ein neues Konto bei {service_name}{#login_id} ({login_id}){/login_id} gibt es weder E-Mail-Adresse noch Telefonnummer, an die wir senden können. Bitte geben Sie diesen Text persönlich an die Person weiter:\n\n-----\n\n{message}\n\n-----"
  }
};

// src/locales/en.json
var en_default = {
  invite: {
    subject: "Your new account on {service_name}",
    text: "Hello{#name} {name}{/name},\n\nA new account on {service_name} has been created for you. {#valid_from}You can use it from {valid_from}. {/valid_from}Please visit the page below{#valid_from} after that time{/valid_from} and {#set_password}use “Forgot Password?” to set a password{/set_password}{#reset_password}use “Forgot Password?” to set a new password{/reset_password}{#sign_in_code}sign in with the code you will be sent{/sign_in_code}{#sign_in_external}sign in with the linked account (Google, Apple or another){/sign_in_external}{#ask_password}sign in. For the password, ask the person who created the account{/ask_password}.\n\n{url}\n\n{#login_id}Your login: {login_id}{/login_id}\n{#inviter}Invited by: {inviter}{/inviter}\n\nYou received this message because an administrator created the account. If you did not expect it, please ignore it.",
    sms: "{service_name}: you have a new account{#login_id} (login: {login_id}){/login_id}. {#valid_from}From {valid_from} on: {/valid_from}{#set_password}Use 'Forgot Password?' to set a password{/set_password}{#reset_password}Use 'Forgot Password?' to set a new password{/reset_password}{#sign_in_code}Get a code and sign in{/sign_in_code}{#sign_in_external}Sign in with the linked account (e.g. Google){/sign_in_external}{#ask_password}Ask the admin for the password and sign in{/ask_password} at {url}",
    button: "Open {service_name}"
  },
  password: {
    subject: "Your new account on {service_name}",
    text: "Hello{#name} {name}{/name},\n\nA new account on {service_name} has been created for you. {#valid_from}You can use it from {valid_from}. {/valid_from}Please sign in on the page below{#valid_from} after that time{/valid_from} with the login and the password at the end of this message.\n\n{url}\n\nChange the password as soon as you have signed in, and then delete this message: whoever reads it could use the password.\n\n{#login_id}Your login: {login_id}{/login_id}\n{#inviter}Invited by: {inviter}{/inviter}\n\nYour password:\n\n{password}\n\nYou received this message because an administrator created the account. If you did not expect it, please ignore it.",
    button: "Open {service_name}"
  },
  unreachable: {
    subject: "Please pass on: new account on {service_name}",
    text: "Hello,\n\nA new user of {service_name}{#login_id} ({login_id}){/login_id} has neither an e-mail address nor a phone number that we can send to. Please pass this text on to them in person:\n\n-----\n\n{message}\n\n-----"
  }
};

// src/locales/es.json
var es_default = {
  invite: {
    subject: "Su nueva cuenta en {service_name}",
    text: "Hola{#name}, {name}{/name}:\n\nSe ha creado en {service_name} una cuenta nueva para usted. {#valid_from}Podrá usarla a partir del {valid_from}. {/valid_from}Por favor, visite {#valid_from}entonces {/valid_from}la página siguiente {#set_password}y use «¿Olvidó su contraseña?» para crear una contraseña{/set_password}{#reset_password}y use «¿Olvidó su contraseña?» para crear una contraseña nueva{/reset_password}{#sign_in_code}e inicie sesión con el código que se le enviará{/sign_in_code}{#sign_in_external}e inicie sesión con la cuenta vinculada (Google, Apple u otra){/sign_in_external}{#ask_password}e inicie sesión. Pida la contraseña a la persona que creó la cuenta{/ask_password}.\n\n{url}\n\n{#login_id}Su usuario: {login_id}{/login_id}\n{#inviter}Invitación de: {inviter}{/inviter}\n\nRecibe este mensaje porque un administrador creó la cuenta. Si no lo esperaba, ignórelo.",
    sms: "{service_name}: tiene una cuenta nueva{#login_id} (usuario: {login_id}){/login_id}. {#set_password}Use el enlace de contraseña olvidada para crear una contraseña{/set_password}{#reset_password}Use el enlace de contraseña olvidada para crear una contraseña nueva{/reset_password}{#sign_in_code}Pida un código y entre{/sign_in_code}{#sign_in_external}Entre con la cuenta vinculada (Google, Apple...){/sign_in_external}{#ask_password}Pida la contraseña al administrador y entre{/ask_password}{#valid_from} a partir del {valid_from}{/valid_from}: {url}",
    button: "Abrir {service_name}"
  },
  password: {
    subject: "Su nueva cuenta en {service_name}",
    text: "Hola{#name}, {name}{/name}:\n\nSe ha creado en {service_name} una cuenta nueva para usted. {#valid_from}Podrá usarla a partir del {valid_from}. {/valid_from}Por favor, visite {#valid_from}entonces {/valid_from}la página siguiente e inicie sesión con el usuario y la contraseña que figuran al final de este mensaje.\n\n{url}\n\nCambie la contraseña en cuanto haya iniciado sesión y después borre este mensaje: cualquiera que lo lea podría usarla.\n\n{#login_id}Su usuario: {login_id}{/login_id}\n{#inviter}Invitación de: {inviter}{/inviter}\n\nSu contraseña:\n\n{password}\n\nRecibe este mensaje porque un administrador creó la cuenta. Si no lo esperaba, ignórelo.",
    button: "Abrir {service_name}"
  },
  unreachable: {
    subject: "Para entregar en persona: cuenta nueva en {service_name}",
    text: "Hola:\n\nUna cuenta nueva en {service_name}{#login_id} ({login_id}){/login_id} no tiene correo electrónico ni teléfono al que podamos escribir. Por favor, entregue este texto en persona a su titular:\n\n-----\n\n{message}\n\n-----"
  }
};

// src/locales/fr.json
var fr_default = {
  invite: {
    subject: "Votre nouveau compte sur {service_name}",
    text: "Bonjour{#name} {name}{/name},\n\nUn nouveau compte sur {service_name} a été créé pour vous. {#valid_from}Vous pourrez l’utiliser à partir du {valid_from}. {/valid_from}Veuillez {#valid_from}alors {/valid_from}ouvrir la page ci-dessous et {#set_password}utiliser « Mot de passe oublié ? » pour définir un mot de passe{/set_password}{#reset_password}utiliser « Mot de passe oublié ? » pour définir un nouveau mot de passe{/reset_password}{#sign_in_code}vous connecter avec le code qui vous sera envoyé{/sign_in_code}{#sign_in_external}vous connecter avec le compte associé (Google, Apple ou autre){/sign_in_external}{#ask_password}vous connecter. Demandez le mot de passe à la personne qui a créé le compte{/ask_password}.\n\n{url}\n\n{#login_id}Votre identifiant : {login_id}{/login_id}\n{#inviter}Invitation de : {inviter}{/inviter}\n\nVous recevez ce message parce qu’un administrateur a créé ce compte. Si vous ne l’attendiez pas, ignorez-le.",
    sms: "{service_name} : vous avez un nouveau compte{#login_id} (identifiant : {login_id}){/login_id}. {#set_password}Utilisez 'Mot de passe oublié ?' pour définir un mot de passe{/set_password}{#reset_password}Utilisez 'Mot de passe oublié ?' pour définir un nouveau mot de passe{/reset_password}{#sign_in_code}Demandez un code et connectez-vous{/sign_in_code}{#sign_in_external}Connectez-vous avec le compte associé (Google, Apple...){/sign_in_external}{#ask_password}Demandez le mot de passe à l'administrateur et connectez-vous{/ask_password}{#valid_from} à partir du {valid_from}{/valid_from} : {url}",
    button: "Ouvrir {service_name}"
  },
  password: {
    subject: "Votre nouveau compte sur {service_name}",
    text: "Bonjour{#name} {name}{/name},\n\nUn nouveau compte sur {service_name} a été créé pour vous. {#valid_from}Vous pourrez l’utiliser à partir du {valid_from}. {/valid_from}Veuillez {#valid_from}alors {/valid_from}ouvrir la page ci-dessous et vous connecter avec l’identifiant et le mot de passe qui figurent à la fin de ce message.\n\n{url}\n\nChangez le mot de passe dès que vous êtes connecté, puis supprimez ce message : toute personne qui le lit pourrait s’en servir.\n\n{#login_id}Votre identifiant : {login_id}{/login_id}\n{#inviter}Invitation de : {inviter}{/inviter}\n\nVotre mot de passe :\n\n{password}\n\nVous recevez ce message parce qu’un administrateur a créé ce compte. Si vous ne l’attendiez pas, ignorez-le.",
    button: "Ouvrir {service_name}"
  },
  unreachable: {
    subject: "À transmettre : nouveau compte sur {service_name}",
    text: "Bonjour,\n\nUn nouveau compte sur {service_name}{#login_id} ({login_id}){/login_id} n’a ni adresse e-mail ni numéro de téléphone auxquels nous puissions écrire. Merci de transmettre ce texte en personne à son titulaire :\n\n-----\n\n{message}\n\n-----"
  }
};

// src/locales/ja.json
var ja_default = {
  invite: {
    subject: "{service_name}の新しいアカウント",
    text: "{#name}{name}様、{/name}こんにちは。\n\n{service_name}の新しいアカウントをご用意しました。{#valid_from}{valid_from} からご利用いただけます。その日時以降に{/valid_from}下記のページを開き、{#set_password}「パスワードを忘れた場合」からパスワードを設定してください{/set_password}{#reset_password}「パスワードを忘れた場合」から新しいパスワードを設定してください{/reset_password}{#sign_in_code}その際に届くコードでログインしてください{/sign_in_code}{#sign_in_external}連携済みの外部アカウント（Googleなど）でログインしてください{/sign_in_external}{#ask_password}ログインしてください。パスワードはアカウントの作成者にお尋ねください{/ask_password}。\n\n{url}\n\n{#login_id}ログインID：{login_id}{/login_id}\n{#inviter}招待者：{inviter}{/inviter}\n\n管理者がアカウントを作成したため、このメッセージをお送りしています。お心当たりがない場合は無視してください。",
    sms: "{service_name}の新しいアカウントをご用意しました{#login_id}（ID：{login_id}）{/login_id}。{#valid_from}{valid_from} 以降に、{/valid_from}{#set_password}「パスワードを忘れた場合」からパスワードを設定してください{/set_password}{#reset_password}「パスワードを忘れた場合」から新しいパスワードを設定してください{/reset_password}{#sign_in_code}お送りするコードでログインしてください{/sign_in_code}{#sign_in_external}連携済みアカウント（Googleなど）でログインしてください{/sign_in_external}{#ask_password}管理者にパスワードを確認のうえログインしてください{/ask_password}: {url}",
    button: "{service_name}を開く"
  },
  password: {
    subject: "{service_name}の新しいアカウント",
    text: "{#name}{name}様、{/name}こんにちは。\n\n{service_name}の新しいアカウントをご用意しました。{#valid_from}{valid_from} からご利用いただけます。その日時以降に{/valid_from}下記のページを開き、このメッセージの末尾にあるログインIDとパスワードでログインしてください。\n\n{url}\n\nログイン後はすぐにパスワードを変更し、このメッセージを削除してください。このメッセージを読んだ人は、誰でもそのパスワードを使えてしまいます。\n\n{#login_id}ログインID：{login_id}{/login_id}\n{#inviter}招待者：{inviter}{/inviter}\n\nパスワード：\n\n{password}\n\n管理者がアカウントを作成したため、このメッセージをお送りしています。お心当たりがない場合は無視してください。",
    button: "{service_name}を開く"
  },
  unreachable: {
    subject: "ご伝達のお願い：{service_name}の新しいアカウント",
    text: "こんにちは。\n\n{service_name}の新しいユーザー{#login_id}（{login_id}）{/login_id}には、送信できるメールアドレスも電話番号もありません。お手数ですが、次の文面をご本人に直接お伝えください。\n\n-----\n\n{message}\n\n-----"
  }
};

// src/locales/ko.json
var ko_default = {
  invite: {
    subject: "{service_name} 새 계정 안내",
    text: "{#name}{name} 님, {/name}안녕하세요.\n\n{service_name}에 회원님의 새 계정이 만들어졌습니다. {#valid_from}{valid_from}부터 사용하실 수 있으니 그 이후에 {/valid_from}아래 페이지를 방문하여 {#set_password}‘비밀번호를 잊으셨나요?’에서 비밀번호를 설정해 주세요{/set_password}{#reset_password}‘비밀번호를 잊으셨나요?’에서 새 비밀번호를 설정해 주세요{/reset_password}{#sign_in_code}보내 드리는 코드로 로그인해 주세요{/sign_in_code}{#sign_in_external}연결된 외부 계정(Google, Apple 등)으로 로그인해 주세요{/sign_in_external}{#ask_password}로그인해 주세요. 비밀번호는 계정을 만든 담당자에게 문의해 주세요{/ask_password}.\n\n{url}\n\n{#login_id}로그인 ID: {login_id}{/login_id}\n{#inviter}초대한 사람: {inviter}{/inviter}\n\n관리자가 회원님의 계정을 만들어 이 메시지를 보내 드립니다. 예상하지 못하셨다면 무시하셔도 됩니다.",
    sms: "{service_name} 새 계정이 만들어졌습니다{#login_id}(ID: {login_id}){/login_id}. {#valid_from}{valid_from} 이후, {/valid_from}{#set_password}‘비밀번호를 잊으셨나요?’에서 비밀번호를 설정해 주세요{/set_password}{#reset_password}‘비밀번호를 잊으셨나요?’에서 새 비밀번호를 설정해 주세요{/reset_password}{#sign_in_code}보내 드리는 코드로 로그인해 주세요{/sign_in_code}{#sign_in_external}연결된 계정(Google 등)으로 로그인해 주세요{/sign_in_external}{#ask_password}관리자에게 비밀번호를 문의하여 로그인해 주세요{/ask_password}: {url}",
    button: "{service_name} 열기"
  },
  password: {
    subject: "{service_name} 새 계정 안내",
    text: "{#name}{name} 님, {/name}안녕하세요.\n\n{service_name}에 회원님의 새 계정이 만들어졌습니다. {#valid_from}{valid_from}부터 사용하실 수 있으니 그 이후에 {/valid_from}아래 페이지를 방문하여 이 메시지 끝에 있는 로그인 ID와 비밀번호로 로그인해 주세요.\n\n{url}\n\n로그인하신 후 바로 비밀번호를 변경하고 이 메시지를 삭제해 주세요. 이 메시지를 읽은 사람은 누구나 비밀번호를 사용할 수 있습니다.\n\n{#login_id}로그인 ID: {login_id}{/login_id}\n{#inviter}초대한 사람: {inviter}{/inviter}\n\n비밀번호:\n\n{password}\n\n관리자가 회원님의 계정을 만들어 이 메시지를 보내 드립니다. 예상하지 못하셨다면 무시하셔도 됩니다.",
    button: "{service_name} 열기"
  },
  unreachable: {
    subject: "전달 요청: {service_name} 새 계정",
    text: "안녕하세요.\n\n{service_name}의 새 사용자{#login_id}({login_id}){/login_id}에게는 메시지를 보낼 수 있는 이메일 주소도 전화번호도 없습니다. 아래 내용을 당사자에게 직접 전달해 주세요.\n\n-----\n\n{message}\n\n-----"
  }
};

// src/locales/pt.json
var pt_default = {
  invite: {
    subject: "A sua nova conta em {service_name}",
    text: "Olá{#name}, {name}{/name}!\n\nA sua nova conta em {service_name} foi criada. {#valid_from}Poderá usá-la a partir de {valid_from}. {/valid_from}Por favor, visite {#valid_from}então {/valid_from}a página abaixo e {#set_password}use “Esqueceu a senha?” para definir uma senha{/set_password}{#reset_password}use “Esqueceu a senha?” para definir uma nova senha{/reset_password}{#sign_in_code}inicie sessão com o código que lhe será enviado{/sign_in_code}{#sign_in_external}inicie sessão com a conta associada (Google, Apple ou outra){/sign_in_external}{#ask_password}inicie sessão. Peça a senha à pessoa que criou a conta{/ask_password}.\n\n{url}\n\n{#login_id}Login: {login_id}{/login_id}\n{#inviter}Convite de: {inviter}{/inviter}\n\nEsta mensagem foi enviada porque um administrador criou a conta. Se não a esperava, basta ignorá-la.",
    sms: "{service_name}: nova conta criada{#login_id} (login: {login_id}){/login_id}. {#set_password}Use 'Esqueceu a senha?' para definir uma senha{/set_password}{#reset_password}Use 'Esqueceu a senha?' para definir uma nova senha{/reset_password}{#sign_in_code}Solicite um código e entre{/sign_in_code}{#sign_in_external}Entre com a conta associada (Google, Apple...){/sign_in_external}{#ask_password}Solicite a senha ao administrador e entre{/ask_password}{#valid_from} a partir de {valid_from}{/valid_from}: {url}",
    button: "Abrir {service_name}"
  },
  password: {
    subject: "A sua nova conta em {service_name}",
    text: "Olá{#name}, {name}{/name}!\n\nA sua nova conta em {service_name} foi criada. {#valid_from}Poderá usá-la a partir de {valid_from}. {/valid_from}Por favor, visite {#valid_from}então {/valid_from}a página abaixo e inicie sessão com o login e a senha que estão no final desta mensagem.\n\n{url}\n\nAltere a senha assim que iniciar sessão e, em seguida, apague esta mensagem: quem a ler poderia usar a senha.\n\n{#login_id}Login: {login_id}{/login_id}\n{#inviter}Convite de: {inviter}{/inviter}\n\nSenha:\n\n{password}\n\nEsta mensagem foi enviada porque um administrador criou a conta. Se não a esperava, basta ignorá-la.",
    button: "Abrir {service_name}"
  },
  unreachable: {
    subject: "Para entregar pessoalmente: nova conta em {service_name}",
    text: "Olá!\n\nUma nova conta em {service_name}{#login_id} ({login_id}){/login_id} não tem e-mail nem telefone para onde possamos escrever. Por favor, entregue este texto pessoalmente ao titular:\n\n-----\n\n{message}\n\n-----"
  }
};

// src/locales/zh-Hans.json
var zh_Hans_default = {
  invite: {
    subject: "您在 {service_name} 的新账户",
    text: "{#name}{name}，{/name}您好：\n\n您在 {service_name} 的新账户已创建。{#valid_from}您可从 {valid_from} 起使用，届时{/valid_from}请访问以下页面，{#set_password}使用“忘记密码？”设置密码{/set_password}{#reset_password}使用“忘记密码？”设置新密码{/reset_password}{#sign_in_code}用发送给您的验证码登录{/sign_in_code}{#sign_in_external}用已关联的外部账户（Google、Apple 等）登录{/sign_in_external}{#ask_password}登录您的账户。密码请向为您创建账户的人索取{/ask_password}。\n\n{url}\n\n{#login_id}登录账号：{login_id}{/login_id}\n{#inviter}邀请人：{inviter}{/inviter}\n\n您收到此消息，是因为管理员为您创建了账户。如果您对此并不知情，请忽略此消息。",
    sms: "{service_name}：您的新账户已创建{#login_id}（账号：{login_id}）{/login_id}。{#valid_from}{valid_from} 起，{/valid_from}{#set_password}请用“忘记密码？”设置密码{/set_password}{#reset_password}请用“忘记密码？”设置新密码{/reset_password}{#sign_in_code}请用发送给您的验证码登录{/sign_in_code}{#sign_in_external}请用已关联的账户（如 Google）登录{/sign_in_external}{#ask_password}请向创建账户的人索取密码并登录{/ask_password}： {url}",
    button: "前往 {service_name}"
  },
  password: {
    subject: "您在 {service_name} 的新账户",
    text: "{#name}{name}，{/name}您好：\n\n您在 {service_name} 的新账户已创建。{#valid_from}您可从 {valid_from} 起使用，届时{/valid_from}请访问以下页面，使用本消息末尾的登录账号和密码登录。\n\n{url}\n\n登录后请立即更改密码，然后删除此消息：任何读到此消息的人都可能使用该密码。\n\n{#login_id}登录账号：{login_id}{/login_id}\n{#inviter}邀请人：{inviter}{/inviter}\n\n密码：\n\n{password}\n\n您收到此消息，是因为管理员为您创建了账户。如果您对此并不知情，请忽略此消息。",
    button: "前往 {service_name}"
  },
  unreachable: {
    subject: "请转告：{service_name} 的新账户",
    text: "您好：\n\n{service_name} 的新用户{#login_id}（{login_id}）{/login_id}没有可供我们发送消息的电子邮箱或电话号码，请向对方当面转告以下内容：\n\n-----\n\n{message}\n\n-----"
  }
};

// src/locales/zh-Hant.json
var zh_Hant_default = {
  invite: {
    subject: "您在 {service_name} 的新帳戶",
    text: "{#name}{name}，{/name}您好：\n\n您在 {service_name} 的新帳戶已經建立。{#valid_from}您可自 {valid_from} 起使用，屆時{/valid_from}請前往以下網頁，{#set_password}使用「忘記密碼？」設定密碼{/set_password}{#reset_password}使用「忘記密碼？」設定新密碼{/reset_password}{#sign_in_code}以傳送給您的驗證碼登入{/sign_in_code}{#sign_in_external}以已連結的外部帳戶（Google、Apple 等）登入{/sign_in_external}{#ask_password}登入您的帳戶。密碼請向為您建立帳戶的人索取{/ask_password}。\n\n{url}\n\n{#login_id}登入帳號：{login_id}{/login_id}\n{#inviter}邀請人：{inviter}{/inviter}\n\n您收到此訊息，是因為管理員為您建立了帳戶。如果您對此並不知情，請忽略此訊息。",
    sms: "{service_name}：您的新帳戶已建立{#login_id}（帳號：{login_id}）{/login_id}。{#valid_from}{valid_from} 起，{/valid_from}{#set_password}請用「忘記密碼？」設定密碼{/set_password}{#reset_password}請用「忘記密碼？」設定新密碼{/reset_password}{#sign_in_code}請以傳送給您的驗證碼登入{/sign_in_code}{#sign_in_external}請以已連結的帳戶（如 Google）登入{/sign_in_external}{#ask_password}請向建立帳戶的人索取密碼並登入{/ask_password}： {url}",
    button: "前往 {service_name}"
  },
  password: {
    subject: "您在 {service_name} 的新帳戶",
    text: "{#name}{name}，{/name}您好：\n\n您在 {service_name} 的新帳戶已經建立。{#valid_from}您可自 {valid_from} 起使用，屆時{/valid_from}請前往以下網頁，使用本訊息末尾的登入帳號和密碼登入。\n\n{url}\n\n登入後請立即更改密碼，然後刪除此訊息：任何讀到此訊息的人都可能使用該密碼。\n\n{#login_id}登入帳號：{login_id}{/login_id}\n{#inviter}邀請人：{inviter}{/inviter}\n\n密碼：\n\n{password}\n\n您收到此訊息，是因為管理員為您建立了帳戶。如果您對此並不知情，請忽略此訊息。",
    button: "前往 {service_name}"
  },
  unreachable: {
    subject: "請轉告：{service_name} 的新帳戶",
    text: "您好：\n\n{service_name} 的新用戶{#login_id}（{login_id}）{/login_id}沒有可供我們傳送訊息的電子郵件地址或電話號碼，請向對方當面轉告以下內容：\n\n-----\n\n{message}\n\n-----"
  }
};

// ts/locales.ts
var BUILT_IN = { ar: ar_default, de: de_default, en: en_default, es: es_default, fr: fr_default, ja: ja_default, ko: ko_default, pt: pt_default, "zh-Hans": zh_Hans_default, "zh-Hant": zh_Hant_default };
function chooseLocales(names) {
  return Object.fromEntries(Object.entries(BUILT_IN).filter(([locale]) => names?.includes(locale) ?? true));
}
function localeProblems(names) {
  if (names === void 0) return [];
  const known = Object.keys(BUILT_IN);
  if (!Array.isArray(names)) return [`locales: must be a list of ${known.join(", ")}`];
  return names.flatMap(
    (name, i) => known.includes(name) ? [] : `locales[${i}]: is not built in; use ${known.join(", ")}`
  );
}

// ts/deliver.ts
var LAST_CHANCE_MS = 5e3;
var LEAST_MS = 1e3;
var ATTEMPTS = 4;
var LAST_ATTEMPTS = 12;
var BACKOFF_MS = 1e3;
var BACKOFF_CAP_MS = 8e3;
var ANSWER_BYTES = 64 * 1024;
async function deliver(send, config, core2, host, deadline) {
  const left = () => deadline - host.now();
  const lastChance = left() <= LAST_CHANCE_MS;
  const { attempts: limit, attemptSeconds = 10 } = config.delivery ?? {};
  const attempts = [];
  const failed = (outcome) => {
    const reasons = new Set(attempts.map((it) => `${it.provider}: ${it.detail}`));
    return { outcome, reason: [...reasons].join("; "), attempts };
  };
  for (const attempt of send.attempts) {
    const { provider } = attempt;
    const most = limit ?? (attempt === send.attempts.at(-1) ? LAST_ATTEMPTS : ATTEMPTS);
    const prepared = await prepare(attempt, config[send.channel]?.[attempt.sender], host);
    await host.leaving?.(attempt, prepared);
    const keyMs = prepared.keySeconds * 1e3;
    const first = host.now();
    let doubt = false;
    for (let n = 0; ; n++) {
      const start2 = host.now();
      const result = prepared.request ? await post(prepared.request, attempt, keyMs > 0, Math.min(attemptSeconds * 1e3, left()), core2, host) : { verdict: "refused", detail: attempt.message ? "custom" : "request" };
      const { verdict, status, id, detail, waitMs = 0 } = result;
      attempts.push({ provider, result: verdict, status, detail, ms: host.now() - start2 });
      if (verdict === "sent") return { outcome: "sent", provider, id, attempts };
      doubt ||= verdict === "unknown" || verdict === "refused" && status === 409 && keyMs > 0;
      const delay = Math.max(waitMs, host.random() * Math.min(BACKOFF_CAP_MS, BACKOFF_MS * 2 ** n));
      const keyHolds = host.now() + delay - first < keyMs;
      if (verdict === "refused" || doubt && !keyHolds) break;
      if (lastChance || n + 1 >= most || left() < delay + LEAST_MS) break;
      await host.sleep(delay);
    }
    if (doubt) return failed("unknown");
    if (left() < LEAST_MS) break;
  }
  return failed("not_sent");
}
async function prepare({ request, message, sign: sign2, keySeconds }, sender, host) {
  try {
    if (message) {
      const made = sender.request(message);
      request = typeof made.body === "string" ? { ...made, method: "POST" } : void 0;
      keySeconds = made.keySeconds ?? 0;
    } else if (request && sign2) {
      request = await host.sign?.(request, sender, sign2.region, host.now());
    }
    if (request) new Request(request.url, { method: "POST", headers: request.headers });
    return { request, keySeconds };
  } catch {
    return { keySeconds: 0 };
  }
}
async function post({ url, method, headers, body }, { provider, idHeader }, keyed, ms, core2, host) {
  const signal = host.timeout(ms);
  let response;
  try {
    response = await host.fetch(url, {
      method,
      headers,
      // Since 2.7.6 Deno repeats a POST by itself when the connection breaks (until 2.9.5 any connection, then reused
      // ones), unless its body is streamed. A Blob is, and has a length: nothing is chunked. It costs 1 ms.
      body: keyed ? body : new Blob([body]),
      // A redirect that is followed takes keys in custom headers along.
      redirect: "manual",
      signal
    });
  } catch (error) {
    return lost(error, signal);
  }
  const { status } = response;
  const header = (name) => response.headers.get(name);
  const reply = {
    provider,
    status,
    errorType: header("x-amzn-errortype"),
    body: await readText(response, ANSWER_BYTES)
  };
  try {
    const verdict = core2.classify(reply);
    const id = /^[\w.-]{1,128}$/.exec((idHeader && header(idHeader)) ?? "")?.[0] || verdict.id;
    return { ...verdict, status, id, waitMs: retryAfter(header("retry-after"), host.now()) };
  } catch {
    return { verdict: "unknown", detail: "core", status };
  }
}

// ts/report.ts
var DELIVERY = { attempts: 3, attemptSeconds: 4 };
var CORE = {
  classify: ({ status }) => status >= 200 && status < 300 ? { verdict: "sent" } : { verdict: "retry", detail: "" }
};
async function handOn(report2, send, to, deadline, { config, builtin, host }) {
  if (!to) return void 0;
  try {
    const secret = bytes(to.secret);
    const hashes = send && {
      template_hash: await sha256(templates(send, config, builtin)),
      recipient_hash: hex(await hmac(secret, send.address))
    };
    const body = JSON.stringify({ ...report2, ...hashes });
    const signature = hex(await hmac(secret, body));
    const headers = { "content-type": "application/json", "x-authgear-body-signature": signature };
    const request = { url: to.url, method: "POST", headers, body };
    const attempts = [{ provider: "", sender: 0, request, keySeconds: 3600 }];
    const { outcome } = await deliver({ channel: "email", attempts }, { delivery: DELIVERY }, CORE, host, deadline);
    return outcome === "sent" ? "taken" : "failed";
  } catch {
    return "failed";
  }
}
function templates({ message, locale }, config, builtin) {
  const texts = [JSON.parse(builtin)[locale]?.[message], config.messages?.[message]?.[locale]];
  return JSON.stringify(texts.map((it) => it ?? null));
}

// ts/run.ts
var BLOCKING = /\.pre_|^authentication\./;
var MOST_MS = 55e3;
var END_MS = 58e3;
var LAST_REPORT_MS = 2e3;
var OLDEST_MS = 6e4;
async function run(event, core2, setup) {
  const about = read(event, setup.host);
  if (BLOCKING.test(about.type)) return { is_allowed: true };
  const named = (setup.config?.rules ?? [{ on: "user.created" }]).some?.(
    (rule) => (rule?.on ?? about.type) === about.type
  );
  if (named === false) return { outcome: "skipped", reason: "event_type" };
  try {
    const loaded = await core2();
    return carryOut(await loaded.decide(event), about, loaded, setup);
  } catch (error) {
    const end = { outcome: "not_sent", reason: `core: ${error?.name}`, attempts: [] };
    return tell(end, about, setup);
  }
}
async function carryOut(decision, about, core2, setup) {
  const end = await conclude(decision, about, core2, setup);
  return tell(end, about, setup, decision.type === "send" ? decision : void 0);
}
function read(event, host) {
  const { id, type, context, payload } = event ?? {};
  return {
    id: typeof id === "string" ? id : void 0,
    type: typeof type === "string" ? type : "",
    userId: context?.user_id ?? payload?.user?.id,
    start: startOf(context?.timestamp, host)
  };
}
function startOf(timestamp, host) {
  const now = host.now();
  const created = typeof timestamp === "number" ? timestamp * 1e3 : now;
  return created <= now && created >= now - OLDEST_MS ? created : now;
}
async function conclude(decision, about, core2, { config, host }) {
  if (decision.type === "invalid") return { outcome: "invalid_config", reason: decision.problems.join("\n") };
  if (decision.type === "skip") {
    const { reason, detail, rule } = decision;
    return { outcome: "skipped", reason, detail, rule };
  }
  const budget = Math.min(budgetMs(config), MOST_MS);
  const deadline = Math.max(about.start + budget, host.now() + Math.min(LAST_CHANCE_MS, budget));
  return deliver(decision, config, core2, host, deadline);
}
async function tell(end, about, setup, send) {
  const { config, host } = setup;
  const facts = send && factsOf(send);
  const told = report(about, end, facts);
  const deadline = Math.max(about.start + END_MS, host.now() + LAST_REPORT_MS);
  const failed = end.outcome !== "sent" && end.outcome !== "skipped";
  const [deadLetter, receipt] = await Promise.all(
    [failed ? config?.deadLetter : void 0, config?.receipt].map(
      (receiver) => handOn(told, send, receiver, deadline, setup)
    )
  );
  return { ...end, ...facts, ...deadLetter && { deadLetter }, ...receipt && { receipt } };
}
function factsOf({ rule, message, channel, to, locale, localeFrom, key, warnings }) {
  return { rule, message, channel, to, locale, localeFrom, key, warnings };
}
function report(about, { outcome, reason, rule, provider, id, attempts = [] }, facts) {
  return {
    event_id: about.id,
    event_type: about.type,
    user_id: about.userId,
    outcome,
    reason,
    rule: facts?.rule ?? rule,
    message: facts?.message,
    channel: facts?.channel,
    to: facts?.to,
    locale: facts?.locale,
    locale_from: facts?.localeFrom,
    provider,
    provider_message_id: id,
    attempts
  };
}

// ts/sign.ts
var ALGORITHM = "AWS4-HMAC-SHA256";
var sign = async (request, sender, region, now) => {
  const { host, pathname } = new URL(request.url);
  const time = new Date(now).toISOString().replace(/-|:|\.\d+/g, "");
  const day = time.slice(0, 8);
  const scope = `${day}/${region}/ses/aws4_request`;
  const added = { "x-amz-date": time };
  if (sender.sessionToken) added["x-amz-security-token"] = sender.sessionToken;
  const headers = [...new Headers({ ...request.headers, ...added, host })];
  const signed = headers.filter(([name]) => /^(host|content-type|x-amz-.*)$/.test(name));
  const names = signed.map(([name]) => name).join(";");
  const lines = signed.map(([name, value]) => `${name}:${value.replace(/\s+/g, " ")}
`).join("");
  const canonical = `POST
${pathname}

${lines}
${names}
${await sha256(request.body)}`;
  const text = `${ALGORITHM}
${time}
${scope}
${await sha256(canonical)}`;
  let key = bytes(`AWS4${sender.secretAccessKey}`);
  for (const part of [...scope.split("/"), text]) key = await hmac(key, part);
  const credential = `${sender.accessKeyId}/${scope}`;
  const authorization = `${ALGORITHM} Credential=${credential}, SignedHeaders=${names}, Signature=${hex(key)}`;
  return { ...request, headers: { ...request.headers, ...added, authorization } };
};

export {
  Passwords,
  violations,
  ConfigError,
  start,
  createEngine,
  createSoundEngine,
  renderInput,
  toJson,
  chooseLocales,
  localeProblems,
  ATTEMPTS,
  deliver,
  BLOCKING,
  run,
  carryOut,
  startOf,
  tell,
  sign
};
