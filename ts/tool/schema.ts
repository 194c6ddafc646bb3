/** The JSON Schema of a configuration file, made of TypeScript's types and their comments. */
import ts from "typescript";

type Schema = { [key: string]: unknown };

/** Wherever a text stands, it may be kept elsewhere. */
const REFERENCES: Schema = {
  text: { anyOf: [{ type: "string" }, { $ref: "#/definitions/reference" }] },
  reference: {
    description: "A text that is kept elsewhere: in the environment, or in a file beside this one.",
    anyOf: ["env", "file"].map((name) => record({ [name]: { type: "string" } }, [name])),
  },
};

export function configSchema(): Schema {
  const files = ["ts/config.ts", "ts/admin.ts", "ts/password.ts"];
  const program = ts.createProgram(files, {
    strict: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    allowImportingTsExtensions: true,
    noEmit: true,
  });
  const schemaOf = (file: string, type: string): ObjectSchema => {
    const declarations = program.getSourceFile(file)?.statements.filter(ts.isTypeAliasDeclaration);
    const declaration = declarations?.find(({ name }) => name.text === type);
    if (!declaration) throw new Error(`${file} has no type ${type}`);
    const checker = program.getTypeChecker();
    return toSchema(checker.getTypeAtLocation(declaration), checker) as ObjectSchema;
  };
  const config = schemaOf("ts/config.ts", "Config");
  const properties = { $schema: { type: "string" }, ...config.properties, admin: admin(schemaOf) };
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "A configuration of authgear-invite",
    ...config,
    properties,
    definitions: REFERENCES,
  };
}

type ObjectSchema = Schema & { properties: Schema };

/** The block for the commands that make accounts. The private key has no place in the file itself. */
function admin(schemaOf: (file: string, type: string) => ObjectSchema): Schema {
  const { endpoint, projectId, keyId } = schemaOf("ts/admin.ts", "AdminOptions").properties;
  const passwordPolicy = schemaOf("ts/password.ts", "PasswordPolicy");
  const privateKey = { $ref: "#/definitions/reference" };
  const description = "The project's Admin API, for the commands that make accounts.";
  const properties = { endpoint, projectId, keyId, privateKey, passwordPolicy };
  return { description, ...record(properties, ["endpoint", "projectId", "keyId", "privateKey"]) };
}

/** `undefined` for what JSON cannot hold: functions, and objects that need one. */
function toSchema(type: ts.Type, checker: ts.TypeChecker): Schema | undefined {
  if (type.flags & ts.TypeFlags.String) return { $ref: "#/definitions/text" };
  if (type.flags & ts.TypeFlags.Number) return { type: "number" };
  if (type.flags & ts.TypeFlags.BooleanLike) return { type: "boolean" };
  if (type.isStringLiteral()) return { const: type.value };
  if (type.isUnion()) return union(type, checker);
  const [item] = checker.isArrayType(type) ? checker.getTypeArguments(type as ts.TypeReference) : [];
  if (item) return { type: "array", items: toSchema(item, checker) };
  if (type.getCallSignatures().length > 0) return undefined;
  const values = type.getStringIndexType();
  if (values) return { type: "object", additionalProperties: toSchema(values, checker) };
  return object(type, checker);
}

function union({ types }: ts.UnionType, checker: ts.TypeChecker): Schema | undefined {
  const some = types.filter((it) => !(it.flags & ts.TypeFlags.Undefined));
  if (some.every((it) => it.isStringLiteral()) && some.length > 1)
    return { enum: some.map((it) => (it as ts.StringLiteralType).value) };
  const schemas = some.map((it) => toSchema(it, checker)).filter((it) => it !== undefined);
  const different = [...new Map(schemas.map((it) => [JSON.stringify(it), it])).values()];
  return different.length > 1 ? { anyOf: different } : different[0];
}

function object(type: ts.Type, checker: ts.TypeChecker): Schema | undefined {
  const properties: Schema = {};
  const required: string[] = [];
  for (const property of checker.getPropertiesOfType(type)) {
    const schema = toSchema(checker.getTypeOfSymbol(property), checker);
    const isOptional = Boolean(property.flags & ts.SymbolFlags.Optional);
    if (!schema && isOptional) continue;
    if (!schema) return undefined;
    const description = ts.displayPartsToString(property.getDocumentationComment(checker));
    properties[property.name] = { ...(description && { description }), ...schema };
    if (!isOptional) required.push(property.name);
  }
  return record(properties, required);
}

function record(properties: Schema, required: string[]): Schema {
  return { type: "object", properties, ...(required.length > 0 && { required }), additionalProperties: false };
}
