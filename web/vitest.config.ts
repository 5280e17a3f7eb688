import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  plugins: [vue()],
  test: {
    environment: 'happy-dom',
    // Contrast is checked on the style sheets themselves.
    css: true,
    include: ['{shared,console,h5}/src/**/*.test.ts'],
  },
})
