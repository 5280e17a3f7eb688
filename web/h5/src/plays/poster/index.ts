import { defineAsyncComponent } from 'vue'
import { ownDoing } from '../../acts/own'

export const poster = ownDoing(defineAsyncComponent(() => import('./Quest.vue')), false)
