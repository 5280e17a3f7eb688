import { defineAsyncComponent } from 'vue'
import { ownDoing } from '../../acts/own'

export const inStore = ownDoing(defineAsyncComponent(() => import('./Quest.vue')), true, 'scan_offer')
