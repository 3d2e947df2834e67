// A page of 3d-tiles-renderer on three.js: draws a tileset from a place and tells what lies in the middle of the picture.
import * as THREE from 'three';
import { MeshoptDecoder } from 'three/addons/libs/meshopt_decoder.module.js';
import { TilesRenderer } from '3d-tiles-renderer';
import { GLTFExtensionsPlugin } from '3d-tiles-renderer/plugins';

const scene = new THREE.Scene();
const camera = new THREE.PerspectiveCamera(50, 1, 1, 20000);
const renderer = new THREE.WebGLRenderer({ preserveDrawingBuffer: true });
renderer.setSize(512, 512);
renderer.setClearColor(0x000000);
document.body.append(renderer.domElement);
scene.add(new THREE.AmbientLight(0xffffff, 3));
const trees = [];

window.client = {
  add(url) {
    const tiles = new TilesRenderer(url);
    tiles.registerPlugin(new GLTFExtensionsPlugin({ metadata: true, meshoptDecoder: MeshoptDecoder }));
    tiles.setCamera(camera);
    tiles.setResolutionFromRenderer(camera, renderer);
    const problems = [];
    tiles.addEventListener('load-error', ({ error, url: failed }) => problems.push(`${failed}: ${error?.message ?? error}`));
    scene.add(tiles.group);
    trees.push({ tiles, problems });
  },
  look(eye, target, up) {
    camera.position.fromArray(eye);
    camera.up.fromArray(up);
    camera.lookAt(new THREE.Vector3().fromArray(target));
    camera.updateMatrixWorld();
  },
  async draw() {
    let quiet = 0;
    for (let frame = 0; frame < 4000 && quiet < 20; frame++) {
      for (const { tiles } of trees) tiles.update();
      renderer.render(scene, camera);
      const busy = trees.some(({ tiles }) => !tiles.root || tiles.stats.downloading || tiles.stats.parsing || tiles.stats.queued);
      quiet = busy ? 0 : quiet + 1;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const pixels = new Uint8Array(4 * 512 * 512);
    const gl = renderer.getContext();
    gl.readPixels(0, 0, 512, 512, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
    let drawn = 0;
    for (let i = 0; i < pixels.length; i += 4) drawn += pixels[i] + pixels[i + 1] + pixels[i + 2] > 0;
    return { drawn: drawn / (512 * 512), visible: trees.map(({ tiles }) => tiles.visibleTiles.size), problems: trees.flatMap((one) => one.problems) };
  },
  pick() {
    const ray = new THREE.Raycaster();
    ray.setFromCamera(new THREE.Vector2(0, 0), camera);
    const [hit] = ray.intersectObjects(trees.map(({ tiles }) => tiles.group), true);
    if (!hit) return null;
    const { meshFeatures, structuralMetadata } = hit.object.userData;
    const barycentre = new THREE.Vector3();
    const corner = (index) => new THREE.Vector3().fromBufferAttribute(hit.object.geometry.attributes.position, index).applyMatrix4(hit.object.matrixWorld);
    THREE.Triangle.getBarycoord(hit.point, corner(hit.face.a), corner(hit.face.b), corner(hit.face.c), barycentre);
    const [feature] = meshFeatures.getFeatures(hit.faceIndex, barycentre);
    const { propertyTable } = meshFeatures.getFeatureInfo()[0];
    const row = structuralMetadata.getPropertyTableData([propertyTable], [feature])[0];
    return { id: row.id, class: row.class, fid: Number(row.fid) };
  },
};
