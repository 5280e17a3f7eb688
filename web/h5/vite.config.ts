import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

export default defineConfig({
  base: '/h5/',
  plugins: [vue({ features: { optionsAPI: false } })],
  build: {
    // Phones' in-app browsers lag behind: Safari 14 and Chrome 87 are what is promised.
    target: ['es2020', 'safari14', 'chrome87'],
    cssTarget: ['safari14', 'chrome87'],
    // The polyfill would be an inline script, which the page's CSP refuses.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        // One library chunk, one chunk of what every first load needs: phones pay for each request.
        codeSplitting: {
          groups: [{ name: 'vue', test: /node_modules/, tags: ['$initial'] }, { name: 'page', tags: ['$initial'] }],
        },
      },
    },
  },
  server: {
    host: '127.0.0.1',
    proxy: Object.fromEntries(['/api', '/t', '/s'].map((path) => [path, process.env.BANYAN_BASE_URL ?? 'http://127.0.0.1:8000'])),
  },
})
