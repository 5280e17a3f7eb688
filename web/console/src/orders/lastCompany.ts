import { ref } from 'vue'

/** The shipping company chosen last: the next parcel most likely goes with it too. */
export const lastCompany = ref('sf')
