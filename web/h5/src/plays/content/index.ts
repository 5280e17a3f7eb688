import { defineAsyncComponent } from 'vue'
import { ownDoing } from '../../acts/own'

export const content = ownDoing(defineAsyncComponent(() => import('./Quest.vue')), false)
