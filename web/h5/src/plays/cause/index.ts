import { defineAsyncComponent } from 'vue'
import { ownDoing } from '../../acts/own'

export const cause = ownDoing(defineAsyncComponent(() => import('./Quest.vue')))
