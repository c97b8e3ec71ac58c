import { ModelError } from "./ModelError.js";

/**
 * Checks an ONNX file's bytes (protobuf wire format, onnx.proto of ONNX 1.16) before the runtime reads them, for what
 * the runtime accepts: weights that are NaN or infinite, data in other files, operators of other domains and
 * model-local functions. Subgraphs are checked too.
 * @throws ModelError
 */
export function scanOnnx(bytes: Uint8Array, file: string): void {
  const fail = (message: string): never => {
    throw new ModelError(file, message);
  };
  let graphs = 0;
  for (const field of fields(bytes, fail)) {
    if (field.number === 7) (graphs++, scanGraph(field.body, fail, 0));
    if (field.number === 25) fail("got a model-local function, want standard operators");
  }
  if (graphs !== 1) fail(`got ${graphs} graphs, want an ONNX model with one`);
}

type Fail = (message: string) => never;

interface Field {
  readonly number: number;
  readonly value: number; // of a varint; else 0
  readonly body: Uint8Array; // of a length-delimited field; else the bytes of the number
}

const LENGTHS: Readonly<Record<number, number>> = { 1: 8, 5: 4 }; // bytes of a number, by its wire type
const NONE = new Uint8Array(0);
const DEEPEST = 8; // subgraphs within subgraphs
const text = new TextDecoder();

function* fields(bytes: Uint8Array, fail: Fail): Generator<Field> {
  let i = 0;
  const varint = (): number => {
    let value = 0;
    for (let scale = 1; i < bytes.length && scale < 2 ** 70; scale *= 128) {
      const byte = bytes[i++];
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
    return fail(`got a damaged file: a number is cut off at byte ${i} of its part`);
  };
  while (i < bytes.length) {
    const key = varint();
    const number = Math.floor(key / 8);
    const kind = key % 8;
    if (kind === 0) {
      yield { number, value: varint(), body: NONE };
      continue;
    }
    const length = kind === 2 ? varint() : (LENGTHS[kind] ?? fail(`got a damaged file: wire type ${kind}`));
    if (!(length <= bytes.length - i))
      fail(`got a damaged file: a part of ${length} bytes where ${bytes.length - i} are left`);
    yield { number, value: 0, body: bytes.subarray(i, i + length) };
    i += length;
  }
}

function scanGraph(bytes: Uint8Array, fail: Fail, depth: number): void {
  if (depth > DEEPEST) fail(`got subgraphs ${depth} deep, want at most ${DEEPEST}`);
  for (const { number, body } of fields(bytes, fail)) {
    if (number === 1) scanNode(body, fail, depth);
    else if (number === 5) scanTensor(body, fail, "initialiser");
    else if (number === 15)
      for (const part of fields(body, fail)) if (part.number < 3) scanTensor(part.body, fail, "sparse initialiser");
  }
}

function scanNode(bytes: Uint8Array, fail: Fail, depth: number): void {
  for (const { number, body } of fields(bytes, fail)) {
    if (number === 7) {
      const domain = text.decode(body);
      if (domain !== "" && domain !== "ai.onnx")
        fail(`got an operator of the domain '${domain.slice(0, 40)}', want standard operators`);
    }
    if (number !== 5) continue;
    for (const attribute of fields(body, fail)) {
      if (attribute.number === 5 || attribute.number === 10) scanTensor(attribute.body, fail, "constant");
      else if (attribute.number === 6 || attribute.number === 11) scanGraph(attribute.body, fail, depth + 1);
      else if (attribute.number === 22 || attribute.number === 23) fail("got a sparse constant, want dense ones");
    }
  }
}

/**
 * TensorProto: data_type 2, float_data 4, int32_data 5, name 8, raw_data 9, double_data 10, external_data 13,
 * data_location 14.
 */
function scanTensor(bytes: Uint8Array, fail: Fail, what: string): void {
  let type = 0;
  let name = "";
  const data: { readonly number: number; readonly body: Uint8Array }[] = [];
  for (const { number, value, body } of fields(bytes, fail)) {
    if (number === 2) type = value;
    else if (number === 8) name = text.decode(body).slice(0, 60);
    else if (number === 13 || (number === 14 && value !== 0))
      fail(`got data in another file for a ${what}, want all weights inside`);
    else if (number === 4 || number === 9 || number === 10) data.push({ number, body });
  }
  for (const { number, body } of data) {
    const format = BY_FIELD[number] ?? BY_TYPE[type]; // of whole numbers: none
    if (format !== undefined && !finite(body, format))
      fail(`got a NaN or infinite weight in the ${what} '${name}', want finite ones`);
  }
}

/** An IEEE format: bytes of a number, and its exponent in the highest two of them. */
interface FloatFormat {
  readonly size: number;
  readonly exponent: number;
}

const FLOAT: FloatFormat = { size: 4, exponent: 0x7f80 },
  DOUBLE: FloatFormat = { size: 8, exponent: 0x7ff0 },
  HALF: FloatFormat = { size: 2, exponent: 0x7c00 },
  BFLOAT: FloatFormat = { size: 2, exponent: 0x7f80 };
/** What float_data and double_data hold; raw_data holds numbers of the tensor's data_type. */
const BY_FIELD: Readonly<Record<number, FloatFormat | undefined>> = { 4: FLOAT, 10: DOUBLE };
const BY_TYPE: Readonly<Record<number, FloatFormat | undefined>> = { 1: FLOAT, 10: HALF, 11: DOUBLE, 16: BFLOAT };

/** Little-endian numbers: none has all bits of its exponent set. */
function finite(bytes: Uint8Array, { size, exponent }: FloatFormat): boolean {
  for (let i = size - 1; i < bytes.length; i += size)
    if ((((bytes[i] << 8) | bytes[i - 1]) & exponent) === exponent) return false;
  return true;
}
