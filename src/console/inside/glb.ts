// Contents of 3D tiles as this server writes them: binary glTF with quantised positions, packed by
// EXT_meshopt_compression, a feature id a corner and a table of the features.
import { MeshoptDecoder } from 'meshoptimizer/meshopt_decoder_reference.js';

export interface Row { fid: number; id: string; class: string; storey: string }
export interface Primitive {
  positions: Uint8Array; // three int16 and two bytes of nothing, a corner
  normals: Uint8Array; // four int8 a corner
  ids: Uint8Array; // uint16 and two bytes of nothing, a corner
  indices: Uint8Array;
  wide: boolean; // indices of 32 bits
  count: number;
  colour: [number, number, number, number]; // linear
  rows: Row[];
}
export interface Content { primitives: Primitive[]; scale: number; shift: [number, number, number] }

/* eslint-disable @typescript-eslint/no-explicit-any -- the document is the server's own */
type Json = any;
const STRIDES = { POSITION: 8, NORMAL: 4, _FEATURE_ID_0: 4 } as const;

function views(json: Json, binary: Uint8Array): Uint8Array[] {
  return json.bufferViews.map((view: Json) => {
    const packed = view.extensions?.EXT_meshopt_compression;
    if (!packed) return binary.subarray(view.byteOffset, view.byteOffset + view.byteLength);
    const plain = new Uint8Array(packed.count * packed.byteStride);
    const source = binary.subarray(packed.byteOffset, packed.byteOffset + packed.byteLength);
    MeshoptDecoder.decodeGltfBuffer(plain, packed.count, packed.byteStride, source, packed.mode, packed.filter ?? 'NONE');
    return plain;
  });
}

const numbers = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function table(all: Uint8Array[], { count, properties }: Json): Row[] {
  const words = new TextDecoder();
  const text = (column: Json) => {
    const offsets = numbers(all[column.stringOffsets]);
    return (row: number) => words.decode(all[column.values].subarray(offsets.getUint32(4 * row, true), offsets.getUint32(4 * row + 4, true)));
  };
  const fids = numbers(all[properties.fid.values]);
  const [id, cls, storey] = [text(properties.id), text(properties.class), text(properties.storey)];
  return Array.from({ length: count }, (_, row) => ({ fid: Number(fids.getBigInt64(8 * row, true)), id: id(row), class: cls(row), storey: storey(row) }));
}

export function readGlb(file: ArrayBuffer): Content {
  const head = new DataView(file);
  const length = head.getUint32(12, true);
  const json: Json = JSON.parse(new TextDecoder().decode(new Uint8Array(file, 20, length)));
  if (!json.meshes) return { primitives: [], scale: 1, shift: [0, 0, 0] };
  const all = views(json, new Uint8Array(file, 28 + length));
  const tables: Row[][] = json.extensions.EXT_structural_metadata.propertyTables.map((one: Json) => table(all, one));
  const corners = (accessor: Json, stride: number) =>
    all[accessor.bufferView].subarray(accessor.byteOffset, accessor.byteOffset + accessor.count * stride);
  const primitives = json.meshes[0].primitives.map((primitive: Json): Primitive => {
    const of = (name: keyof typeof STRIDES) => corners(json.accessors[primitive.attributes[name]], STRIDES[name]);
    const indices = json.accessors[primitive.indices];
    const wide = indices.componentType === 5125;
    return {
      positions: of('POSITION'), normals: of('NORMAL'), ids: of('_FEATURE_ID_0'),
      indices: corners(indices, wide ? 4 : 2), wide, count: indices.count,
      colour: json.materials[primitive.material].pbrMetallicRoughness.baseColorFactor,
      rows: tables[primitive.extensions.EXT_mesh_features.featureIds[0].propertyTable],
    };
  });
  return { primitives, scale: json.nodes[0].scale[0], shift: json.nodes[0].translation };
}
