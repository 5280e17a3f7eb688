import vue from '@vitejs/plugin-vue'
import { defineConfig, type Plugin } from 'vite'

const server = process.env.BANYAN_BASE_URL ?? 'http://127.0.0.1:8000'

/** Sets light or dark before the first paint. A classic script in a file of its own: a module runs too late, inline breaks the CSP. */
const themeFirst: Plugin = {
  name: 'theme-first',
  transformIndexHtml: {
    order: 'post',
    handler: () => [{ tag: 'script', attrs: { src: '/console/theme.js' }, injectTo: 'head-prepend' }],
  },
}

export default defineConfig({
  base: '/console/',
  plugins: [vue(), themeFirst],
  server: {
    host: '127.0.0.1',
    proxy: Object.fromEntries(['/api', '/h5', '/s/', '/t'].map((path) => [path, { target: server, changeOrigin: false }])),
  },
  build: {
    target: 'es2022',
    // ECharts is one chunk of about 600 kB before compression, fetched only by pages that draw a series.
    chunkSizeWarningLimit: 700,
  },
})
