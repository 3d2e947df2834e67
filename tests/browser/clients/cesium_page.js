// A page of CesiumJS, offline: draws a tileset from a place and tells what lies in the middle of the picture.
/* global Cesium */
const viewer = new Cesium.Viewer('view', {
  baseLayer: false, baseLayerPicker: false, geocoder: false, animation: false, timeline: false, homeButton: false, navigationHelpButton: false,
  sceneModePicker: false, fullscreenButton: false, infoBox: false, selectionIndicator: false, requestRenderMode: true,
  contextOptions: { webgl: { preserveDrawingBuffer: true } },
});
const { scene } = viewer;
scene.globe.show = false;
scene.skyBox = undefined;
scene.skyAtmosphere = undefined;
scene.sun = undefined;
scene.moon = undefined;
scene.backgroundColor = Cesium.Color.BLACK;
const trees = [];
const vector = (numbers) => Cesium.Cartesian3.fromArray(numbers);

window.client = {
  async add(url) {
    const tileset = await Cesium.Cesium3DTileset.fromUrl(url);
    const one = { tileset, problems: [] };
    tileset.tileFailed.addEventListener(({ url: failed, message }) => one.problems.push(`${failed}: ${message}`));
    scene.primitives.add(tileset);
    trees.push(one);
  },
  look(eye, target, up) {
    const direction = Cesium.Cartesian3.normalize(Cesium.Cartesian3.subtract(vector(target), vector(eye), new Cesium.Cartesian3()), new Cesium.Cartesian3());
    scene.camera.setView({ destination: vector(eye), orientation: { direction, up: vector(up) } });
  },
  async draw() {
    for (let quiet = 0, frame = 0; frame < 3000 && quiet < 5; frame++) {
      scene.requestRender();
      viewer.render();
      quiet = trees.every(({ tileset }) => tileset.tilesLoaded) ? quiet + 1 : 0;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [256, 256];
    const context = canvas.getContext('2d');
    context.drawImage(viewer.canvas, 0, 0, 256, 256);
    const pixels = context.getImageData(0, 0, 256, 256).data;
    let drawn = 0;
    for (let i = 0; i < pixels.length; i += 4) drawn += pixels[i] + pixels[i + 1] + pixels[i + 2] > 0;
    return { drawn: drawn / (256 * 256), visible: trees.map(({ tileset }) => tileset.statistics?.selected ?? tileset._statistics.selected), problems: trees.flatMap((one) => one.problems) };
  },
  pick() {
    const { clientWidth, clientHeight } = viewer.canvas;
    const found = scene.pick(new Cesium.Cartesian2(clientWidth / 2, clientHeight / 2));
    if (!found?.getProperty) return null;
    return { id: found.getProperty('id'), class: found.getProperty('class'), fid: Number(found.getProperty('fid')) };
  },
};
