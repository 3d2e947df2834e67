// What web-ifc finds in a file: instances of each class that is asked for, products with a mesh, and the volume of each
// space by its GlobalId. JSON to stdout.
//
//   node counts.mjs FILE.ifc IFCSPACE IFCDOOR ...
import { readFileSync } from "node:fs";
import * as WebIFC from "web-ifc";

const [file, ...classes] = process.argv.slice(2);
const api = new WebIFC.IfcAPI();
await api.Init();
api.SetLogLevel(WebIFC.LogLevel?.LOG_LEVEL_OFF ?? 6);
const model = api.OpenModel(readFileSync(file));
const counts = {};
for (const name of classes) counts[name] = api.GetLineIDsWithType(model, WebIFC[name]).size();

// Six times the volume of the tetrahedra over the origin, of the mesh moved into its place.
function volume(mesh) {
  let six = 0;
  for (let g = 0; g < mesh.geometries.size(); g++) {
    const placed = mesh.geometries.get(g);
    const geometry = api.GetGeometry(model, placed.geometryExpressID);
    const points = api.GetVertexArray(geometry.GetVertexData(), geometry.GetVertexDataSize());
    const index = api.GetIndexArray(geometry.GetIndexData(), geometry.GetIndexDataSize());
    for (let t = 0; t < index.length; t += 3) {
      const [a, b, c] = [0, 1, 2].map((k) => points.subarray(6 * index[t + k], 6 * index[t + k] + 3));
      six += a[0] * (b[1] * c[2] - b[2] * c[1]) - a[1] * (b[0] * c[2] - b[2] * c[0]) + a[2] * (b[0] * c[1] - b[1] * c[0]);
    }
  }
  return Math.abs(six / 6);
}

const spaces = {};
let shown = 0;
api.StreamAllMeshes(model, () => shown++);
api.StreamAllMeshesWithTypes(model, [WebIFC.IFCSPACE], (mesh) => {
  spaces[api.GetLine(model, mesh.expressID).GlobalId.value] = volume(mesh);
});
api.CloseModel(model);
console.log(JSON.stringify({ counts, shown, spaces }));
