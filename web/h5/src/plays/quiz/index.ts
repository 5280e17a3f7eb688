import { defineAsyncComponent } from 'vue'
import { ownDoing } from '../../acts/own'

export const quiz = ownDoing(defineAsyncComponent(() => import('./Quest.vue')))
