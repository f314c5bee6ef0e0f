export { findChromium } from './find-chromium';
export { openPage, type BrowserPage, type PageOptions } from './open-page';
export { serve, type Served, type Server } from './serve';
