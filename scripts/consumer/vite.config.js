// The bundle is run by Node afterwards, so it must not start with Vite's preload helper for pages.
export default { build: { modulePreload: { polyfill: false } } }
